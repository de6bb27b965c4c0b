using System.Buffers;
using ClientFailover.Service.Hosting;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public sealed class BlockPoolTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Rent_AfterReturn_GivesTheSameMemoryAgain()
    {
        using var pool = new BlockPool(_time);
        var block = pool.Rent();
        var memory = block.Memory;
        block.Dispose();

        using var again = pool.Rent(4096);

        Assert.That(again.Memory, Is.EqualTo(memory));
        Assert.That(memory.Length, Is.EqualTo(4096));
    }

    [Test]
    public void Rent_LongerThanABlock_IsRefused()
    {
        using var pool = new BlockPool(_time);

        Assert.That(() => pool.Rent(4097), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Trim_NobodyNeedsTheBlocks_LetsGoOfAllButAFew()
    {
        using var pool = new BlockPool(_time);
        Burst(pool, 10_000);

        for (var i = 0; i < 20; i++)
        {
            _time.Advance(BlockPool.TrimInterval);
        }

        Assert.That(pool.Idle, Is.InRange(256, 260));
    }

    [Test]
    public void Trim_BlocksWereNeededSinceTheLastTime_KeepsThem()
    {
        using var pool = new BlockPool(_time);
        Burst(pool, 10_000);
        _time.Advance(BlockPool.TrimInterval);

        for (var i = 0; i < 20; i++)
        {
            Burst(pool, 10_000);
            _time.Advance(BlockPool.TrimInterval);
        }

        Assert.That(pool.Idle, Is.EqualTo(10_000));
    }

    private static void Burst(BlockPool pool, int blocks)
    {
        var taken = new List<IMemoryOwner<byte>>();
        for (var i = 0; i < blocks; i++)
        {
            taken.Add(pool.Rent());
        }

        taken.ForEach(b => b.Dispose());
    }
}
