using System.Collections.Concurrent;
using ClientFailover.Engine;
using ClientFailover.Service.Storage;
using NUnit.Framework;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Storage;

public sealed class WriteQueueTests
{
    [Test]
    public void TryDequeue_RoleOfAGroupWithNothingBefore_ComesFirst()
    {
        var queue = Filled(("a", false), ("b", false), ("c", true), ("d", true));

        Assert.That(Drained(queue), Is.EqualTo(new[] { "c2", "d3", "a0", "b1" }));
    }

    [Test]
    public void TryDequeue_RoleOfAGroupWithSomethingBefore_KeepsItsPlace()
    {
        var queue = Filled(("a", false), ("A", true), ("b", true), ("a", true), ("b", false), ("b", true));

        Assert.That(Drained(queue), Is.EqualTo(new[] { "b2", "a0", "A1", "a3", "b4", "b5" }));
    }

    [Test]
    public void TryDequeue_GroupHasNothingBeforeAnyMore_ItsRoleComesFirst()
    {
        var queue = Filled(("a", false), ("b", false));
        queue.TryDequeue();

        queue.Enqueue(new Write("a", 2, true));

        Assert.That(queue.Count, Is.EqualTo(2));
        Assert.That(Drained(queue), Is.EqualTo(new[] { "a2", "b1" }));
        Assert.That(queue.Count, Is.Zero);
    }

    [Test]
    public async Task Append_RoleBehindTwoThousandCreations_IsInTheNextCommit()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        using var held = new ManualResetEventSlim();
        var order = new ConcurrentQueue<string>();
        var completing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Store.Append(new Write("first", 0, false)
        {
            Completed = _ =>
            {
                completing.SetResult();
                held.Wait();
            },
        });

        // Whatever is appended before that may share its commit.
        await completing.Task.WaitAsync(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 2_000; i++)
        {
            bench.Store.Append(new Write($"created{i}", 0, false, Created($"created{i}")) { Completed = order.Enqueue });
        }

        var role = new Write("other", 0, true) { Completed = order.Enqueue };
        bench.Store.Append(role);
        held.Set();
        await role.Done.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(order.First(), Is.EqualTo("other0"));
    }

    private static WriteQueue Filled(params (string Group, bool IsUrgent)[] writes)
    {
        var queue = new WriteQueue();
        for (var i = 0; i < writes.Length; i++)
        {
            queue.Enqueue(new Write(writes[i].Group, i, writes[i].IsUrgent));
        }

        return queue;
    }

    private static List<string> Drained(WriteQueue queue)
    {
        var names = new List<string>();
        while (queue.TryDequeue() is Write write)
        {
            names.Add(write.Name);
        }

        return names;
    }

    private sealed class Write(string group, int number, bool isUrgent, params GroupEvent[] events) : StoreWrite(Key(group), 0, events, mustBeDurable: !isUrgent)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => $"{group}{number}";

        public Action<string>? Completed { get; init; }

        public Task Done => _done.Task;

        public override bool IsUrgent => isUrgent;

        public override void Complete(StoreOutcome outcome, long firstRevision)
        {
            Completed?.Invoke(Name);
            _done.TrySetResult();
        }
    }
}
