"""What visitors see: the workbench page, permalinks, and the demos that are there from the first start."""
