using NUnit.Framework;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>A process that buffers is killed: nothing that it had for a second is lost.</summary>
public sealed class KillTests
{
    [Test]
    [CancelAfter(120_000)]
    public async Task Kill_WhileBuffering_LosesNothingOlderThanASecond(CancellationToken cancellation)
    {
        await using var rig = new BufferRig();
        var before = 0;
        for (var round = 0; round < 5; round++)
        {
            using (var child = BufferingChild.Start(rig.Folder))
            {
                var old = await child.KillAsync(lines: 20 + (round * 7), cancellation);
                Assert.That(old, Is.GreaterThan(before), "It goes on where it was.");
                before = old;
            }

            await rig.ReopenAsync();
            var left = await rig.ReadAsync();
            Assert.That(left, Has.Length.GreaterThanOrEqualTo(before));
            Assert.That(left, Is.EqualTo(Enumerable.Range(0, left.Length)), "No gap.");
            before = left.Length;
            await rig.Buffer.DisposeAsync();
        }
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Open_WhileAnotherProcessBuffers_SaysSo(CancellationToken cancellation)
    {
        await using var rig = new BufferRig();
        using var child = BufferingChild.Start(rig.Folder);
        var killed = child.KillAsync(lines: 50, cancellation);
        while (!File.Exists(rig.File))
        {
            cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.That(async () => await rig.Buffer.OpenAsync(CancellationToken.None), Throws.InstanceOf<IOException>().With.Message.Contains("in use by another process"));
        await killed;
        await rig.ReopenAsync();
        Assert.That(rig.Buffer.Count, Is.GreaterThan(0), "It ends with the process.");
    }
}
