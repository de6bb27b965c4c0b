using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>
/// The disk is full: values stay in memory, and go to the disk when there is space again. On a real full disk where one can be
/// mounted, and everywhere with a database that may not grow.
/// </summary>
[NonParallelizable]
public sealed class FullDiskTests
{
    private const int Unwritable = 7402;
    private const int Writable = 7403;
    private const int Lost = 7405;
    private const int Dropped = 7420;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestCase(true)]
    [TestCase(false)]
    public async Task FullDisk_Items_StayInMemoryAndAreWrittenWhenThereIsSpace(bool isReal)
    {
        using var disk = FullDisk.Create(isReal);
        await using var rig = disk.NewRig();
        await rig.Buffer.OpenAsync(CancellationToken.None);
        rig.Append(Enumerable.Range(0, 10_000));
        await rig.PassAsync(Second);
        disk.Fill();
        for (var i = 1; i <= 20; i++)
        {
            rig.Append(Enumerable.Range(i * 10_000, 10_000));
            await rig.PassAsync(Second);
        }

        Assert.That(rig.Log.Texts(Unwritable).Single(), Does.Contain("the disk is full"), "Told once.");
        Assert.That(rig.Log.Texts(Writable), Is.Empty);
        Assert.That(await rig.ReadAsync(10_010), Is.EqualTo(Enumerable.Range(0, 10_010)), "From the disk and from memory.");
        disk.Free();
        await rig.PassAsync(Second);

        Assert.That(rig.Log.Texts(Writable), Has.Count.EqualTo(1));
        Assert.That(rig.Buffer.Dropped, Is.Zero);
        await rig.CrashAsync();
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(Enumerable.Range(0, 210_000)));
    }

    [Test]
    public async Task FullDisk_MoreThanMemoryMayHold_OldestInMemoryIsDroppedWithAWarning()
    {
        using var disk = FullDisk.Create(isReal: false);
        await using var rig = disk.NewRig();
        await rig.Buffer.OpenAsync(CancellationToken.None);
        rig.Append(0);
        await rig.PassAsync(Second);
        disk.Fill();
        for (var i = 1; i <= 1000; i++)
        {
            rig.Buffer.Append(rig.Item(i, size: 100_000));
            await rig.PassAsync(TimeSpan.FromMilliseconds(50));
        }

        var held = 64 * 1024 * 1024 / 100_080;
        Assert.That(rig.Buffer.Count, Is.InRange(held - 2, held + 2));
        Assert.That(rig.Buffer.Dropped, Is.EqualTo(1001 - rig.Buffer.Count));
        Assert.That(rig.Log.Texts(Dropped)[0], Does.Contain("cannot be written").And.Contain("Free space"));
        disk.Free();
        await rig.PassAsync(Second);
        await rig.CrashAsync();
        var left = await rig.TakeAllAsync();
        Assert.That(left, Is.EqualTo(Enumerable.Range(1001 - left.Length, left.Length)));
    }

    [Test]
    public async Task FullDisk_PrimaryThatKeepsUp_IsNotDisturbed()
    {
        using var disk = FullDisk.Create(isReal: false);
        await using var rig = disk.NewRig();
        await rig.Buffer.OpenAsync(CancellationToken.None);
        disk.Fill();
        for (var i = 0; i < 50; i++)
        {
            rig.Append(i);
            Assert.That(await rig.TakeAllAsync(), Is.EqualTo(new[] { i }));
            await rig.PassAsync(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(rig.Log.Texts(Unwritable), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Open_FullDisk_TakesUpWhatWasLeftWhenThereIsSpace(bool isReal)
    {
        using var disk = FullDisk.Create(isReal);
        await using var rig = disk.NewRig();
        await rig.Buffer.OpenAsync(CancellationToken.None);
        rig.Append(Enumerable.Range(0, 10_000));
        await rig.Buffer.DisposeAsync();
        disk.Fill();
        await rig.ReopenAsync();
        rig.Append(Enumerable.Range(10_000, 10_000));
        await rig.PassAsync(Second);
        Assert.That(rig.Log.Texts(Unwritable), Has.Count.EqualTo(1));

        disk.Free();
        await rig.PassAsync(Second);

        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(Enumerable.Range(0, 20_000)));
    }

    [Test]
    public async Task Dispose_FullDisk_SaysWhatIsLost()
    {
        using var disk = FullDisk.Create(isReal: false);
        await using var rig = disk.NewRig();
        await rig.Buffer.OpenAsync(CancellationToken.None);
        disk.Fill();
        rig.Append(Enumerable.Range(0, 10_000));

        Assert.That(async () => await rig.Buffer.FlushAsync(CancellationToken.None), Throws.InstanceOf<IOException>());
        await rig.Buffer.DisposeAsync();

        Assert.That(rig.Log.Texts(Lost).Single(), Does.StartWith("10000 values"));
    }

    /// <summary>A disk that can be full: a real one, or a database that may not grow.</summary>
    private sealed class FullDisk(SmallDisk? real) : IDisposable
    {
        private readonly List<SqliteConnection> _connections = [];
        private bool _isFull;

        public static FullDisk Create(bool isReal)
        {
            var real = isReal ? SmallDisk.TryMount(16 << 20) : null;
            Assume.That(real is not null, Is.EqualTo(isReal), "Only root of a Linux machine can mount a small disk; the other case is tested everywhere.");
            return new FullDisk(real);
        }

        public BufferRig NewRig() => new(folder: real is null ? null : Path.Combine(real.Path, "buffer")) { Opened = Limit };

        public void Fill()
        {
            _isFull = true;
            real?.Fill();
            Limit();
        }

        public void Free()
        {
            _isFull = false;
            real?.Free();
            Limit();
        }

        public void Dispose() => real?.Dispose();

        private void Limit(SqliteConnection connection)
        {
            lock (_connections)
            {
                _connections.Add(connection);
            }

            Limit();
        }

        private void Limit()
        {
            lock (_connections)
            {
                if (real is null && _connections is [.., { State: System.Data.ConnectionState.Open } newest])
                {
                    using var command = newest.CreateCommand();
                    command.CommandText = _isFull ? "PRAGMA max_page_count = 1" : "PRAGMA max_page_count = 1000000";
                    command.ExecuteNonQuery();
                }
            }
        }
    }
}
