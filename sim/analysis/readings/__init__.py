"""Five readings of one run: each party's own aims, dated and with units. No reading is the right one, nobody wins."""
