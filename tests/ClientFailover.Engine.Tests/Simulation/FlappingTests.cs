using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Simulation;

/// <summary>Counts handovers of cold groups, whose members report 0 while they start and at most 1 while they wait.</summary>
public sealed class FlappingTests
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    [Test]
    public void ColdPair_SlowStart_Settles(
        [Values] Transports transports,
        [Values(15, 30, 60)] int timeout,
        [Values(40, 90)] int startTime,
        [Values(1, 2, 3, 4, 5, 6, 7, 8)] int seed)
    {
        var service = Run(transports, timeout, startTime, canStart: true, seed);

        // The hold doubles until it is longer than the start: 15, 30, 60, 120 s for a start of 90 s.
        Assert.That(service.Promotions, Is.InRange(1, 4));
        Assert.That(LastPromotion(service), Is.LessThan(TimeSpan.FromMinutes(6)));
    }

    [Test]
    public void ColdPair_OneNeverStarts_EndsWithTheOther(
        [Values] Transports transports,
        [Values(15, 60)] int timeout,
        [Values(1, 2, 3, 4, 5, 6, 7, 8)] int seed)
    {
        var service = Run(transports, timeout, 40, canStart: false, seed);

        Assert.That(service.Promotions, Is.InRange(1, 5));
        Assert.That(service.Driver.State.Primary?.Id, Is.EqualTo("a1"));
    }

    private static SimulatedService Run(Transports transports, int timeoutSeconds, int startTimeSeconds, bool canStart, int seed)
    {
        var timeout = TimeSpan.FromSeconds(timeoutSeconds);
        var world = new World(seed);
        var service = new SimulatedService(world, new EngineSettings(), timeout);
        for (var i = 0; i < 2; i++)
        {
            var onStream = transports == Transports.Stream || (transports == Transports.Mixed && i == seed % 2);
            var startTime = canStart || i == 1 ? TimeSpan.FromSeconds(startTimeSeconds) : TimeSpan.FromDays(1);
            SimulatedAdapter adapter = onStream
                ? new StreamAdapter(world, service, $"a{i}") { Waiting = Waiting.Cold, StartTime = startTime }
                : new RestAdapter(world, service, $"a{i}") { Waiting = Waiting.Cold, StartTime = startTime };
            world.After(world.Between(TimeSpan.Zero, timeout), adapter.Start);
        }

        world.RunUntil(HalfAnHour);
        return service;
    }

    private static TimeSpan LastPromotion(SimulatedService service) =>
        service.Driver.Events.OfType<RoleChanged>().Last(e => e.NewRole == Role.Primary).Time - service.Driver.Events[0].Time;
}
