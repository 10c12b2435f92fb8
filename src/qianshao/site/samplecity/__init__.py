"""The sample city 刺桐市: invented from a seed, told through the same door as everything real.

No unit, person, place or message here exists. What is Chinese in this package is the city's own text, not
the product's: it is data and is not translated.
"""
