"""审计: who signed in, did, changed, printed, exported and opened what, and when; read, never changed."""
