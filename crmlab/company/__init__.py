"""Hehua (荷华), the fictional cosmetics and household firm of the course.

personas  the kinds of customers it has, planted for chapters to find
calendar  its window and its season
shoppers  who shops there, and what they would buy if nothing happened
hehua     the small firm of the first chapters: just that, in two tables
scenario  what a researcher may change, in YAML too
streams   one random stream per block of customers and table
log       purchases as arrays until the last
buying    what promotions, contacts and failures change
churning  the dropout that a rolling churn asks for
offer     what is the same for all customers: promotions, products, prices, policies
world     one block of customers, and what several of its tables need
customer_tables, business_tables  its tables, each drawn by the topic that owns its story
block     all of them together
firm      company, truth = simulate_company(1_000, seed=…)
paired    two worlds of one seed, and their difference per customer
worlds    one question asked of many worlds
audit     check_company: what must hold in every believable firm, and what breaks it
export    the same on disk, at any size
convert   that again as CSV, SQLite or DuckDB
shipped   load_company: the Hehua of 1,000 customers that ships with the kit
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each module loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
