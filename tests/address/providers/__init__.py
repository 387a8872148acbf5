"""Online sources of evidence, tested over real HTTP against services on loopback that speak their protocols."""
