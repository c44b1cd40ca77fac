"""Scrapy and lxml over a list of addresses: parses each page and keeps its title, no more.

`python3 scrapy_titles.py LIST CONCURRENCY`; prints what it took as JSON.
"""
import json
import resource
import sys
import time

import scrapy
from scrapy.crawler import CrawlerProcess

with open(sys.argv[1], encoding="utf-8") as lines:
    URLS = lines.read().split()
CONCURRENCY = int(sys.argv[2])
PAGES = 0


class Titles(scrapy.Spider):
    name = "titles"
    start_urls = URLS

    def parse(self, response):
        global PAGES
        response.css("title::text").get()
        PAGES += 1


started = time.perf_counter()
process = CrawlerProcess(
    {
        "LOG_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "CONCURRENT_REQUESTS": CONCURRENCY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
        "DOWNLOAD_DELAY": 0,
        "RETRY_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
    }
)
process.crawl(Titles)
process.start()
used = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "pages": PAGES,
            "seconds": time.perf_counter() - started,
            "cpuSeconds": used.ru_utime + used.ru_stime,
            "maxRssMb": used.ru_maxrss / 1024,
        }
    )
)
