"""资源倾斜: rewards, award quotas and nominations, 希望工程 and 支教."""
