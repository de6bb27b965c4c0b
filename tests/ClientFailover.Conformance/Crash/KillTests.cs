using System.Globalization;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Crash;

/// <summary>
/// The service is killed at random moments under load, again and again on the same data. The variable
/// CLIENTFAILOVER_CRASH_ROUNDS says how often (25 if it is not set), CLIENTFAILOVER_CRASH_SEED repeats a run.
/// </summary>
public sealed class KillTests
{
    private const int Groups = 8;
    private const int MostAnswers = 400;

    [Test]
    public async Task Kill_UnderLoad_LosesNothingThatWasAcknowledged()
    {
        var rounds = Setting("CLIENTFAILOVER_CRASH_ROUNDS") ?? 25;
        var seed = Setting("CLIENTFAILOVER_CRASH_SEED") ?? Random.Shared.Next();
        TestContext.Out.WriteLine($"CLIENTFAILOVER_CRASH_SEED={seed}");
        var random = new Random(seed);
        var loads = Enumerable.Range(0, Groups).Select(i => new GroupLoad(new GroupModel($"group-{i}"), new Random(random.Next()))).ToList();
        var told = new ToldEvents();
        using var folder = DataFolder.Create();

        for (var round = 0; round <= rounds; round++)
        {
            await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
            using var caller = new Caller(service);
            var (state, rest) = await told.FollowAsync(caller);
            await Task.WhenAll(loads.Select(l => l.CheckAccessAsync(caller)));
            foreach (var load in loads)
            {
                load.Model.Check(state.GetValueOrDefault(load.Model.Id));
            }

            Assert.That(state, Has.Count.EqualTo(loads.Count(l => l.Model.Exists)), "Nothing else has come to be.");
            await Task.WhenAll(state.Values.Select(s => told.CheckAsync(caller, s)));
            await Task.WhenAll(loads.Select(l => l.CheckRolesAsync(caller)));
            if (round < rounds)
            {
                await RunAndKillAsync(service, caller, loads, random.Next(1, MostAnswers));
            }
            else
            {
                await service.KillAsync();
            }

            await rest;
        }

        Assert.That(told.Promotions, Is.GreaterThan(rounds), "There was something to lose.");
    }

    private static async Task RunAndKillAsync(RunningService service, Caller caller, List<GroupLoad> loads, int answers)
    {
        using var killed = new CancellationTokenSource();
        await Task.WhenAll(loads.Select(l => Task.Run(() => l.RunAsync(caller, Count, killed.Token)))).WaitAsync(RunningService.Patience);
        await service.KillAsync();

        void Count()
        {
            if (Interlocked.Decrement(ref answers) == 0)
            {
                // The others are in the middle of something.
                killed.Cancel();
                service.Kill();
            }
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
