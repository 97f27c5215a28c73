"""The first page with several eyes, and a bounded, polite crawl of the pages that it leads to."""
