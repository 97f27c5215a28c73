"""The page over http and https, every hop of a redirect by hand."""
