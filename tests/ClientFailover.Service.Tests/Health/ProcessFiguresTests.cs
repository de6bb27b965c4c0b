using ClientFailover.Service.Health;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

public sealed class ProcessFiguresTests
{
    [Test]
    public void Read_ThisProcess_IsPlausible()
    {
        using var directory = new TemporaryDirectory();

        var figures = ProcessFigures.Read(directory.Path);

        Assert.That(figures.ProcessIdentifier, Is.EqualTo(Environment.ProcessId));
        Assert.That(figures.StartTime, Is.InRange(DateTime.UtcNow.AddDays(-1), DateTime.UtcNow));
        Assert.That(figures.StartTime.Kind, Is.EqualTo(DateTimeKind.Utc));
        Assert.That(figures.WorkingSet, Is.InRange(10, 100_000));
        Assert.That(figures.ManagedMemorySize, Is.InRange(0.1, 100_000));
        Assert.That(figures.TotalProcessorTime, Is.GreaterThan(0).And.EqualTo(figures.TotalUserProcessorTime + figures.TotalPrivilegedProcessorTime).Within(1));
        Assert.That(figures.ThreadCount, Is.GreaterThan(1));
        Assert.That(figures.HandleCount, Is.GreaterThan(1));
        Assert.That(figures.StorageTotalSize, Is.GreaterThanOrEqualTo(figures.StorageFreeSpace).And.GreaterThan(1));
    }

    [Test]
    public void Read_VolumeThatIsNotThere_IsZero()
    {
        var figures = ProcessFigures.Read(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "none"));

        Assert.That(OperatingSystem.IsWindows() || (figures.StorageTotalSize, figures.StorageFreeSpace) == (0.0, 0.0), Is.True);
        Assert.That(figures.ProcessIdentifier, Is.EqualTo(Environment.ProcessId), "The rest is told.");
    }
}
