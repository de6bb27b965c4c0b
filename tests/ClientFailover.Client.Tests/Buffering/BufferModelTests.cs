using CsCheck;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>Any sequence of calls against a plain list. A crash may bring back what was done with, never lose what was on the disk.</summary>
public sealed class BufferModelTests
{
    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, Gen.Select(Gen.Frequency((3, Gen.Int[1, 5]), (2, Gen.Int[1, 3000])), Gen.Int[0, 4], Gen.Int[-300, 300], (count, streams, offset) => (Step)new Append(count, streams + 1, offset))),
        (6, Gen.Select(Gen.Int[1, 2000], Gen.Int[1, 60_000], Gen.Int[-500, 500].Nullable(0.6), Gen.Frequency((1, Gen.Const(false)), (4, Gen.Const(true))), (items, bytes, upTo, complete) => (Step)new Read(items, bytes, upTo, complete))),
        (3, Gen.Int[-400, 200].Select(offset => (Step)new Trim(offset, IsExact: false))),
        (1, Gen.Int[-400, 200].Select(offset => (Step)new Trim(offset, IsExact: true))),
        (5, Gen.Int[1, 12].Select(ticks => (Step)new Pass(ticks * 100))),
        (1, Gen.Const((Step)new Flush())),
        (1, Gen.Const((Step)new Restart(IsCrash: false))),
        (1, Gen.Const((Step)new Restart(IsCrash: true))));

    [Test]
    public async Task Buffer_AnySteps_IsTheModel() =>
        await Gen.Select(Gen.Bool, Steps.Array[1, 60]).SampleAsync(async run =>
        {
            await using var rig = await BufferRig.OpenAsync(run.Item1);
            var model = new Model(rig);
            foreach (var step in run.Item2)
            {
                await model.RunAsync(step);
            }

            await model.FinishAsync();
        }, iter: 150, threads: 2);

    private abstract record Step;

    private sealed record Append(int Count, int Streams, int OffsetMilliseconds) : Step;

    private sealed record Read(int MaxItems, int MaxBytes, int? UpToMilliseconds, bool Complete) : Step;

    private sealed record Trim(int OffsetMilliseconds, bool IsExact) : Step;

    private sealed record Pass(int Milliseconds) : Step;

    private sealed record Flush : Step;

    private sealed record Restart(bool IsCrash) : Step;

    private sealed class Model(BufferRig rig)
    {
        private readonly List<(int Number, DateTimeOffset Source, DateTimeOffset Received)> _all = [];
        private List<int> _held = [];
        private int _durable;

        public async Task RunAsync(Step step)
        {
            switch (step)
            {
                case Append append:
                    for (var i = 0; i < append.Count; i++)
                    {
                        // Streams differ in how far their sources are ahead of or behind the adapter.
                        var stream = i % append.Streams;
                        var item = rig.Item(_all.Count, $"s{stream}", TimeSpan.FromMilliseconds(append.OffsetMilliseconds * stream));
                        _all.Add((_all.Count, item.SourceTime, item.ReceivedTime));
                        _held.Add(_all.Count - 1);
                        rig.Buffer.Append(item);
                    }

                    break;
                case Read read:
                    await ReadAsync(read);
                    break;
                case Trim { IsExact: true } trim:
                    rig.Buffer.TrimExact(At(trim.OffsetMilliseconds));
                    _held.RemoveAll(n => _all[n].Source <= At(trim.OffsetMilliseconds));
                    break;
                case Trim trim:
                    rig.Buffer.Trim(At(trim.OffsetMilliseconds));
                    _held.RemoveAll(n => _all[n].Source <= At(trim.OffsetMilliseconds) && _all[n].Received <= At(trim.OffsetMilliseconds));
                    break;
                case Pass pass:
                    await rig.PassAsync(TimeSpan.FromMilliseconds(pass.Milliseconds));
                    _durable = Math.Max(_durable, _all.FindLastIndex(i => i.Received <= rig.Time.GetUtcNow().AddMilliseconds(-200)) + 1);
                    break;
                case Flush:
                    await rig.Buffer.FlushAsync(CancellationToken.None);
                    _durable = _all.Count;
                    break;
                case Restart { IsCrash: false }:
                    await rig.RestartAsync();
                    break;
                default:
                    await CrashAsync();
                    break;
            }

            Check();
        }

        public async Task FinishAsync()
        {
            Assert.That(await rig.TakeAllAsync(), Is.EqualTo(_held));
            Assert.That((rig.Buffer.Count, rig.Buffer.Earliest), Is.EqualTo((0L, (DateTimeOffset?)null)));
            Assert.That(rig.Buffer.Dropped, Is.Zero);
            Assert.That(rig.Log.Entries, Has.None.Matches<(Microsoft.Extensions.Logging.LogLevel Level, int Id, string Text)>(e => e.Level >= Microsoft.Extensions.Logging.LogLevel.Warning));
        }

        private async Task ReadAsync(Read read)
        {
            DateTimeOffset? upTo = read.UpToMilliseconds is { } offset ? At(offset) : null;
            var expected = _held.Where(n => upTo is null || TimeOf(n) <= upTo).Take(Math.Min(read.MaxItems, Math.Max(1, read.MaxBytes / 8))).ToList();
            Assert.That(await rig.ReadAsync(read.MaxItems, read.MaxBytes, upTo), Is.EqualTo(expected));
            if (upTo is not null && expected.Count == 0)
            {
                Assert.That(rig.Buffer.Earliest is not { } earliest || earliest > upTo, "Read up to there: nothing is left.");
            }

            if (read.Complete)
            {
                rig.Buffer.Complete();
                _held = [.. _held.Except(expected)];
            }
        }

        private async Task CrashAsync()
        {
            await rig.CrashAsync();
            var read = await rig.ReadAsync();
            Assert.That(read, Is.Ordered.Ascending.And.Unique);
            Assert.That(_held.Where(n => n < _durable).Except(read), Is.Empty, "Lost.");
            _held = [.. read];
        }

        private void Check()
        {
            Assert.That(rig.Buffer.Count, Is.GreaterThanOrEqualTo(_held.Count));
            if (_held.Count > 0)
            {
                Assert.That(rig.Buffer.Earliest, Is.LessThanOrEqualTo(_held.Min(TimeOf)));
            }
        }

        private DateTimeOffset At(int offset) => rig.Time.GetUtcNow().AddMilliseconds(offset);

        private DateTimeOffset TimeOf(int number) => rig.BySource ? _all[number].Source : _all[number].Received;
    }
}
