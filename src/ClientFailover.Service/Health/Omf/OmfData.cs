using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClientFailover.Service.Health.Omf;

/// <summary>Responsible for the values: those of all four containers go in one message, so that an endpoint has all of a moment or nothing.</summary>
internal static class OmfData
{
    /// <summary>Time from one regular message to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Writes a message. Every property is in it, as a type says.</summary>
    /// <param name="names">The names of the service.</param>
    /// <param name="time">The moment, UTC.</param>
    /// <param name="status">How the service is.</param>
    /// <param name="count">What it looks after.</param>
    /// <param name="figures">What it takes of its machine.</param>
    /// <returns>The message.</returns>
    public static OmfMessage Create(OmfNames names, DateTime time, DeviceStatus status, ObjectCount count, ProcessFigures figures)
    {
        var body = new JsonArray
        {
            Values(names.Diagnostics, new JsonObject
            {
                ["ProcessIdentifier"] = figures.ProcessIdentifier,
                ["StartTime"] = Text(figures.StartTime),
                ["WorkingSet"] = figures.WorkingSet,
                ["TotalProcessorTime"] = figures.TotalProcessorTime,
                ["TotalUserProcessorTime"] = figures.TotalUserProcessorTime,
                ["TotalPrivilegedProcessorTime"] = figures.TotalPrivilegedProcessorTime,
                ["ThreadCount"] = figures.ThreadCount,
                ["HandleCount"] = figures.HandleCount,
                ["ManagedMemorySize"] = figures.ManagedMemorySize,
                ["PrivateMemorySize"] = figures.PrivateMemorySize,
                ["PeakPagedMemorySize"] = figures.PeakPagedMemorySize,
                ["StorageTotalSize"] = figures.StorageTotalSize,
                ["StorageFreeSpace"] = figures.StorageFreeSpace,
            }),
            Values(names.Status, new JsonObject { ["DeviceStatus"] = (int)status }),
            Values(names.Count, new JsonObject { ["Groups"] = count.Groups, ["Sessions"] = count.Sessions }),
            Values(names.Next, new JsonObject { ["NextHealthMessageExpected"] = Text(time + Interval) }),
        };
        return new OmfMessage(OmfKind.Data, JsonSerializer.SerializeToUtf8Bytes(body));

        JsonObject Values(string container, JsonObject value)
        {
            value.Insert(0, OmfNames.Timestamp, Text(time));
            return new JsonObject { ["containerid"] = container, ["values"] = new JsonArray(value) };
        }
    }

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
