"""档案: a unit's whole file, or a programme's, as one ZIP of ledgers, forms and attachments."""
