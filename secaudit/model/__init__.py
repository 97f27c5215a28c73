"""The nouns of secaudit as frozen types. Nothing here opens a file or a socket."""
