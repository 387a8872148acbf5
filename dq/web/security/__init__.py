"""What stands between the network and the pages; plain ASGI layers, each with one duty. Knows no customer."""
