"""情况汇报 and 工作总结: the text people write around figures that nobody types, and what is frozen."""
