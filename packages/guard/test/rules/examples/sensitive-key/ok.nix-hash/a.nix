passwordFile = "/run/x"; sha256 = "0v9cg8l4bz0bg8x0n9q2k4l7y5r5a8d8w8h0n3v1k1m9z6q7p4y"; hashedPassword = "$6$rounds=5000$abc$def";
