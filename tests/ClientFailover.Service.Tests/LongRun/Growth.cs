using NUnit.Framework;

namespace ClientFailover.Service.Tests.LongRun;

/// <summary>What memory and files take in the course of a run, and whether they go on growing.</summary>
/// <param name="service">The run.</param>
internal sealed class Growth(Func<VirtualService> service)
{
    private readonly List<(long Memory, long Disk)> _samples = [];

    /// <summary>Takes a sample.</summary>
    public async Task TakeAsync()
    {
        await service().WrittenAsync();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        _samples.Add((GC.GetTotalMemory(forceFullCollection: true), service().Size()));
    }

    /// <summary>Asserts that the second half of the run took no more than the first, but for what chance makes of it.</summary>
    /// <param name="mostMemory">By how many bytes the heap may differ.</param>
    /// <param name="mostDisk">How many bytes all files may take together.</param>
    public void MustBeFlat(long mostMemory, long mostDisk)
    {
        var half = _samples.Count / 2;
        var (first, second) = (_samples.Take(half).ToList(), _samples.Skip(half).ToList());
        TestContext.Out.WriteLine(string.Join('\n', _samples.Select((s, i) => $"{i}: {s.Memory / 1024} KiB of memory, {s.Disk / 1024} KiB on disk")));
        Assert.That(second.Average(s => s.Memory), Is.LessThan(first.Average(s => s.Memory) + mostMemory), "Memory.");
        Assert.That(_samples.Max(s => s.Disk), Is.LessThan(mostDisk), "Disk.");
        Assert.That(second.Max(s => s.Disk), Is.LessThan((first.Max(s => s.Disk) * 1.25) + (1024 * 1024)), "Disk.");
    }
}
