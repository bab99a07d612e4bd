"""The pages that everybody may open: 随手拍, progress, satisfaction, results, open data; an application of its own."""
