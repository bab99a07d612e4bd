"""huanyu.toml and the tables of the made desk, as text; those not written here are the shipped ones."""

from __future__ import annotations

SETTINGS = """data_dir = "data"
config_dir = "config"
publish_live = false
notify_live = false
"""
SOURCES = """
[[source]]
key = "weibo-mentions"
name = "微博@本账号"
spider = "weibo"
kind = "weibo"
mode = "mentions"
base_url = "https://weibo.example.org/2"
every = 600

[[source]]
key = "weibo-search"
name = "微博关键词"
spider = "weibo"
kind = "weibo"
mode = "search"
base_url = "https://weibo.example.org"
keywords = ["聊城 臭味", "徒骇河"]
permission = "演示数据，不联网"
every = 1800

[[source]]
key = "forum"
name = "鲁西生活圈论坛"
spider = "discuz"
kind = "forum"
base_url = "https://forum.example.org"
boards = ["2"]

[[source]]
key = "news"
name = "水城晨讯"
spider = "feed"
kind = "news"
urls = ["https://news.example.org/rss.xml"]

[[source]]
key = "old-forum"
name = "老城论坛"
spider = "discuz"
kind = "forum"
base_url = "https://old.example.org"
boards = ["1"]

[[source]]
key = "hotline-12345"
name = "12345热线导出"
spider = "import"
kind = "hotline"
"""
ACCOUNTS = """
[[account]]
key = "site"
channel = "site"
name = "本局网站·办理结果"
verified = true

[[account]]
key = "weibo"
channel = "weibo"
name = "聊城环境"
base_url = "https://weibo.example.org/2"
user_id = "5500000001"
secret = "weibo_token"
operator_ip = "203.0.113.10"

[[account]]
key = "mail"
channel = "mail"
name = "舆情工作邮箱"
"""
