using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
using NUnit.Framework;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Storage;

public sealed class SilenceTests
{
    [Test]
    public async Task LoadSilencesAsync_AfterRestart_IsWhatWasWritten()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        await bench.WriteAsync(Key("G"), true, Created("G"), Registered("a", 1), Registered("Ä", 2), Registered("c", 3));
        await WriteAsync(bench, ("a", TimeSpan.FromDays(3)), ("ä", TimeSpan.FromDays(4)), ("c", TimeSpan.FromDays(5)), ("nobody", TimeSpan.FromDays(6)));
        await WriteAsync(bench, ("a", TimeSpan.Zero));

        // One that is registered anew begins anew.
        await bench.WriteAsync(Key("G"), true, new SessionUnregistered(Noon, "c"), Registered("c", 4));
        await bench.RestartAsync();

        Assert.That(
            await bench.Store.LoadSilencesAsync(default),
            Is.EqualTo(new[] { new StoredSilence(Key("g"), "Ä", TimeSpan.FromDays(4)) }));
    }

    private static async Task WriteAsync(StoreBench bench, params (string SessionId, TimeSpan Silence)[] silences)
    {
        var write = new SilenceWrite(Key("g"), silences);
        bench.Store.Append(write);
        Assert.That(await write.Stored, Is.True);
    }
}
