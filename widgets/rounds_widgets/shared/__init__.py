"""What several views share: colours and sizes, the look of the page around them, how their files are read."""
