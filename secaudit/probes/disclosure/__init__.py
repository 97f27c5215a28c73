"""Where a site tells how to report a weakness or an incident: security.txt and contact pages."""
