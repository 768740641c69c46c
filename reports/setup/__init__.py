"""开始使用: leads the administrator of an empty installation to the first application, in four steps."""
