"""Batch: many articles by many processes, here or on a cluster, into one output that a kill cannot harm.

    inputs  --read-->  items  --cut-->  shards  --work-->  parts  --join-->  output

`run` leads a run; `inputs` finds and reads the inputs; `shards` are the units of work; `worker` reads them in
processes of their own, each owned by a thread (`owner`) here or on a Dask worker; `journal` keeps what is done, in
files at any of the `places`; `outputs` knows the formats; `program` tells whether it is still the same program.
"""
