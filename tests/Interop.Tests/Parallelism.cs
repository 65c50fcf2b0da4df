// Processes are started by the tests, and memory of one is watched: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
