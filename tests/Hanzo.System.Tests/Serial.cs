// Each of these tests runs several processes on few cores and measures time: one after another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
