"""Published tables, packaged: `md5.csv` holds the audit days of IAF MD 5:2019, Annexes A to C."""
