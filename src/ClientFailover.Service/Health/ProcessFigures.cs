using System.ComponentModel;
using System.Diagnostics;

namespace ClientFailover.Service.Health;

/// <summary>What the process takes of its machine. Sizes are in MB of 10^6 bytes, times in seconds.</summary>
/// <remarks>What the system does not tell is 0: an OMF message must have every property.</remarks>
internal sealed record ProcessFigures
{
    private const double Megabyte = 1e6;

    /// <summary>Id of the process.</summary>
    public int ProcessIdentifier { get; private init; }

    /// <summary>When it was started, UTC.</summary>
    public DateTime StartTime { get; private init; }

    /// <summary>Physical memory.</summary>
    public double WorkingSet { get; private init; }

    /// <summary>All processor time.</summary>
    public double TotalProcessorTime { get; private init; }

    /// <summary>Processor time in the program.</summary>
    public double TotalUserProcessorTime { get; private init; }

    /// <summary>Processor time in the system, for the program.</summary>
    public double TotalPrivilegedProcessorTime { get; private init; }

    /// <summary>Threads of the system.</summary>
    public int ThreadCount { get; private init; }

    /// <summary>Open handles; on Linux file descriptors.</summary>
    public int HandleCount { get; private init; }

    /// <summary>Memory of the runtime's heaps.</summary>
    public double ManagedMemorySize { get; private init; }

    /// <summary>Memory that no other process can use.</summary>
    public double PrivateMemorySize { get; private init; }

    /// <summary>The most memory that was ever in the page file; Linux does not tell.</summary>
    public double PeakPagedMemorySize { get; private init; }

    /// <summary>Size of the volume with the data directory.</summary>
    public double StorageTotalSize { get; private init; }

    /// <summary>What the service may still write on it.</summary>
    public double StorageFreeSpace { get; private init; }

    /// <summary>Asks the system. A volume that does not answer, as of a dead file server, holds the caller up.</summary>
    /// <param name="dataDirectory">The data directory.</param>
    /// <returns>The figures, as of now.</returns>
    public static ProcessFigures Read(string dataDirectory)
    {
        using var process = Process.GetCurrentProcess();
        var (total, free) = ReadVolume(dataDirectory);
        return new ProcessFigures
        {
            ProcessIdentifier = Environment.ProcessId,
            StartTime = Read(() => process.StartTime.ToUniversalTime()),
            WorkingSet = Read(() => process.WorkingSet64) / Megabyte,
            TotalProcessorTime = Read(() => process.TotalProcessorTime).TotalSeconds,
            TotalUserProcessorTime = Read(() => process.UserProcessorTime).TotalSeconds,
            TotalPrivilegedProcessorTime = Read(() => process.PrivilegedProcessorTime).TotalSeconds,
            ThreadCount = Read(() => process.Threads.Count),
            HandleCount = Read(() => process.HandleCount),
            ManagedMemorySize = GC.GetTotalMemory(forceFullCollection: false) / Megabyte,
            PrivateMemorySize = Read(() => process.PrivateMemorySize64) / Megabyte,
            PeakPagedMemorySize = Read(() => process.PeakPagedMemorySize64) / Megabyte,
            StorageTotalSize = total / Megabyte,
            StorageFreeSpace = free / Megabyte,
        };
    }

    private static (long Total, long Free) ReadVolume(string directory) => Read(() =>
    {
        // Windows knows volumes by their roots, others by any path on them.
        var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(directory)! : directory);
        return (drive.TotalSize, drive.AvailableFreeSpace);
    });

    private static T Read<T>(Func<T> figure)
        where T : struct
    {
        try
        {
            return figure();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or NotSupportedException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return default;
        }
    }
}
