"""What the public gets: the files of a publication, its open data, its copy for other sites."""
