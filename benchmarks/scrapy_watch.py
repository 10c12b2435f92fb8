"""The same inspection as a Scrapy spider, as one would write it with Scrapy's own tools; runs in Scrapy's own environment.

Prints one JSON document: pages, seconds, peak memory, findings. Checks labels, dead links and late publication, which are
the flaws the generated site has. The working calendar is the product's, which needs the standard library only.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections import Counter
from datetime import date

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor

from qianshao.kernel.calendar import Calendar

CHINA = Calendar.china()
LABELS = (
    "SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType",
    "ArticleTitle", "PubDate", "ContentSource",
)  # fmt: skip
FORMED = re.compile(r"成文日期：</td><td>(\d{4}-\d\d-\d\d)")


class Watch(scrapy.Spider):
    name = "watch"
    handle_httpstatus_list = [404]  # noqa: RUF012 - Scrapy's way
    custom_settings = {  # noqa: RUF012
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True,
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
    }

    def __init__(self, start: str) -> None:
        super().__init__()
        self.start_urls = [start]
        self.extractor = LinkExtractor(allow=[re.escape(start)])
        self.pages = 0
        self.findings: Counter[str] = Counter()

    def parse(self, response):
        self.pages += 1
        if response.status == 404:
            self.findings[f"LNK {response.url.split('/', 3)[3]}"] += 1
            return
        labels = {
            node.attrib["name"]: node.attrib.get("content", "") for node in response.xpath("//meta[@name]")
        }
        for name in LABELS:
            if not labels.get(name):
                self.findings[f"LBL {name}"] += 1
        formed = FORMED.search(response.text)
        if formed and labels.get("PubDate"):
            limit = CHINA.add_workdays(date.fromisoformat(formed.group(1)), 20)
            if date.fromisoformat(labels["PubDate"][:10]) > limit:
                self.findings[f"PRO-1 {response.url.split('/', 3)[3]}"] += 1
        links = self.extractor.extract_links(response)
        if formed and not any("解读" in link.text for link in links):
            self.findings[f"INT-1 {response.url.split('/', 3)[3]}"] += 1
        for link in links:
            yield scrapy.Request(link.url, callback=self.parse)


def main() -> None:
    process = CrawlerProcess(settings={"LOG_ENABLED": False})
    crawler = process.create_crawler(Watch)
    began = time.perf_counter()
    process.crawl(crawler, start=sys.argv[1])
    process.start()
    print(
        json.dumps(
            {
                "pages": crawler.spider.pages,
                "seconds": time.perf_counter() - began,
                "cpu": time.process_time(),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "findings": crawler.spider.findings,
            }
        )
    )


if __name__ == "__main__":
    main()
