"""Scrapy settings that hold for every source; what differs per source is in `crawler.manners`."""

from __future__ import annotations

BOT_NAME = "huanyu"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

HUANYU_CONFIG = ""  #: path of huanyu.toml; "" = as huanyu.config finds it
HUANYU_AT = ""  #: ISO moment the visit counts as; "" = now
HUANYU_LONGEST = 0.0  #: seconds after which the visit ends by itself; 0 = never

CONCURRENT_REQUESTS = 1  # one process is one source: after a wall nothing else is already on its way
CONCURRENT_REQUESTS_PER_DOMAIN = 1
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False  # a source's own cookie is a header; nobody follows us, we follow nobody
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # no port of ours is open while we read
HTTPPROXY_ENABLED = (
    False  # only huanyu.config reads the environment, and a proxy would undo the address guard
)
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 5

DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024  # the largest real page in hand is 1 MB
DOWNLOAD_WARNSIZE = 2 * 1024 * 1024
DOWNLOAD_VERIFY_CERTIFICATES = True  # tokens and cookies travel here
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 408, 429]
CONCURRENT_ITEMS = (
    1  # the pipeline never waits: the hundred workers Scrapy makes for each page have nothing to do
)
WARN_ON_GENERATOR_RETURN_VALUE = (
    False  # it reads a callback's source again for each page; a test does it once
)
URLLENGTH_LIMIT = 0  # Scrapy would drop a long address without a word; AddressGuard refuses it aloud

SPIDER_MIDDLEWARES = {  # each of them looks at every single item
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # WallMiddleware judges every status
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # a walk has bounds of its own
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # `ask` says what meta holds
}

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.AddressGuard": 10,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.robots_gate.RobotsGate": 100,
    "crawler.middlewares.WallMiddleware": 540,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.PatientRetry": 550,
}
DOWNLOAD_HANDLERS = {"http": "crawler.download.PacedHandler", "https": "crawler.download.PacedHandler"}
EXTENSIONS = {
    "crawler.extensions.NameGuard": 10,
    "crawler.extensions.TimeIsUp": 20,
    # Off, they would still be imported, a web server among them: a tenth of what a short visit costs.
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
}
ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 300}

LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
