using System.Runtime.CompilerServices;
using ClientFailover.Service.Hosting;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public sealed class StartupMemoryTests
{
    [Test]
    public async Task ExecuteAsync_AWhileAfterTheStart_OldGarbageIsCollected()
    {
        var time = new FakeTimeProvider();
        using var memory = new StartupMemory(time);
        var garbage = OldGarbage();
        await memory.StartAsync(default);

        while (!memory.ExecuteTask!.IsCompleted)
        {
            time.Advance(StartupMemory.Delay);
            await Task.Yield();
        }

        Assert.That(garbage.IsAlive, Is.False);
    }

    [Test]
    public async Task StopAsync_BeforeThat_DoesNotWait()
    {
        using var memory = new StartupMemory(new FakeTimeProvider());
        await memory.StartAsync(default);

        await memory.StopAsync(default);

        Assert.That(memory.ExecuteTask!.IsCompleted, Is.True);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference OldGarbage()
    {
        var garbage = new byte[100];
        GC.Collect();
        GC.Collect();
        Assert.That(GC.GetGeneration(garbage), Is.EqualTo(GC.MaxGeneration));
        return new WeakReference(garbage);
    }
}
