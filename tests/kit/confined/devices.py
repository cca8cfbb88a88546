"""What a worker tries with devices that it may read."""


def stirs_random_numbers():
    open("/dev/urandom", "wb")
