"""Qianshao 前哨: the working platform of a city government's general office."""
