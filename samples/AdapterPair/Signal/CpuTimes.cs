using System.Globalization;
using System.Runtime.InteropServices;

namespace ClientFailover.Samples.AdapterPair.Signal;

/// <summary>
/// What the operating system counted since it started: time its processors were busy, and time in all. The units
/// differ from system to system; only ratios are used.
/// </summary>
internal readonly partial record struct CpuTimes(long Busy, long Total)
{
    public static CpuTimes Read()
    {
        if (OperatingSystem.IsLinux())
        {
            return ReadLinux();
        }

        return OperatingSystem.IsWindows() ? ReadWindows() : ReadOwnProcess();
    }

    private static CpuTimes ReadLinux()
    {
        // "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; guests are part of user and nice.
        using var reader = new StreamReader("/proc/stat");
        var times = reader.ReadLine()!.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(8).Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var total = times.Sum();
        return new CpuTimes(total - times[3] - times[4], total);
    }

    private static CpuTimes ReadWindows()
    {
        if (!GetSystemTimes(out var idle, out var kernel, out var user))
        {
            Marshal.ThrowExceptionForHR(Marshal.GetHRForLastWin32Error());
        }

        // Windows counts idle time as kernel time.
        return new CpuTimes(kernel + user - idle, kernel + user);
    }

    // No counters of the whole machine without native calls that differ by version: the load by this process then.
    private static CpuTimes ReadOwnProcess() => new(
        OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() ? 0 : Environment.CpuUsage.TotalTime.Ticks,
        Environment.TickCount64 * TimeSpan.TicksPerMillisecond * Environment.ProcessorCount);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetSystemTimes(out long idle, out long kernel, out long user);
}
