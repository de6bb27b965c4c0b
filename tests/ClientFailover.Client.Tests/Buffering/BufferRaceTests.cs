using NUnit.Framework;
using SQLitePCL;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>What is completed or trimmed while it is being written does not stay on the disk: after a restart it would be sent again.</summary>
public sealed class BufferRaceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestCase(true)]
    [TestCase(false)]
    public async Task Removed_BetweenTakenAndWritten_LeavesNothingOnTheDisk(bool isCompleted)
    {
        Action? begun = null;
        await using var rig = new BufferRig
        {
            Opened = connection => raw.sqlite3_trace(
                connection.Handle,
                (_, sql) =>
                {
                    if (sql.StartsWith("BEGIN", StringComparison.Ordinal))
                    {
                        Interlocked.Exchange(ref begun, null)?.Invoke();
                    }
                },
                null),
        };
        await rig.Buffer.OpenAsync(CancellationToken.None);
        rig.Append(1, 2, 3);
        await rig.ReadAsync();
        begun = isCompleted ? rig.Buffer.Complete : () => rig.Buffer.Trim(rig.Time.GetUtcNow());

        await rig.PassAsync(Second);
        await rig.PassAsync(Second);

        Assert.That(begun, Is.Null, "It was removed while the chunk was on its way.");
        Assert.That(rig.Buffer.Count, Is.Zero);
        await rig.CrashAsync();
        Assert.That(rig.Buffer.Count, Is.Zero);
    }
}
