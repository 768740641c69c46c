"""公开页: what anybody who scans a plaque's QR code learns of the unit, and may say to the county."""
