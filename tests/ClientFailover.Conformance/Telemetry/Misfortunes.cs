using System.Net;
using ClientFailover.Conformance.Disk;
using ClientFailover.Conformance.Identity;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using NUnit.Framework;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>What alerts are for, made to happen to a real service.</summary>
internal static class Misfortunes
{
    /// <summary>Makes a group for each state that is not good.</summary>
    public static async Task MakeBadGroupsAsync(Caller caller)
    {
        await caller.CreateGroupAsync("silent", TimeSpan.FromSeconds(0.5));
        await caller.RegisterAsync("silent", "a");
        await caller.BeatAsync("silent", "a", 50);
        await caller.CreateGroupAsync("overridden");
        await caller.RegisterAsync("overridden", "a");
        await caller.BeatAsync("overridden", "a", 50);
        await caller.OverrideAsync("overridden", "a", V1.RoleOverride.Secondary);
        await caller.CreateGroupAsync("alone");
        await caller.RegisterAsync("alone", "a");
        await caller.BeatAsync("alone", "a", 50);
        await caller.CreatePairAsync("unconfirmed");
        await caller.BeatAsync("unconfirmed", "b", 100);
        Assert.That((await caller.StatusAsync("unconfirmed")).PendingPrimary, Is.EqualTo("b"));
    }

    /// <summary>Lets the Primary of a pair change, again and again.</summary>
    public static async Task FlapAsync(Caller caller, string group, int changes)
    {
        var (primary, other) = ("a", "b");
        for (var i = 0; i < changes; i++)
        {
            await caller.BeatAsync(group, primary, 10);
            while (await caller.BeatAsync(group, other, 90) != V1.Role.Primary)
            {
                await caller.BeatAsync(group, primary, 10);
            }

            (primary, other) = (other, primary);
        }
    }

    /// <summary>
    /// Makes a commit take a second: for as long a promotion waits for the disk before it is announced, so that the announcement tells
    /// when it is over.
    /// </summary>
    public static async Task DelayCommitAsync(RunningService service, Caller caller)
    {
        var group = CallerActions.NewId("slow");
        await caller.CreateGroupAsync(group);
        await caller.RegisterAsync(group, "a");
        await caller.BeatAsync(group, "a", 50);
        using var stream = await AdapterStream.JoinAsync(caller, group, "b");
        using (new DatabaseLock(service))
        {
            await stream.BeatAsync(100);
            await stream.RoleAsync(V1.Role.Primary);
        }

        await StoreTrouble.UntilOverAsync(() => caller.DeleteSessionAsync(group, "a"));
        await StoreTrouble.UntilOverAsync(() => caller.DeleteSessionAsync(group, "b"));
    }

    /// <summary>Breaks streams without goodbye.</summary>
    public static async Task BreakStreamsAsync(RunningService service, int count)
    {
        using var caller = new Caller(service);
        for (var i = 0; i < count; i++)
        {
            await AdapterStream.JoinAsync(caller, "broken", $"s{i}");
        }

        caller.Cut();
    }

    /// <summary>Asks without credentials.</summary>
    public static async Task RefuseLogonsAsync(RunningService service, int count)
    {
        using var client = new HttpClient { BaseAddress = service.Http };
        for (var i = 0; i < count; i++)
        {
            using var response = await client.GetAsync("/api/v1/clientfailover/groups");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    /// <summary>Asks for more in a second than one caller may.</summary>
    public static async Task MeetLimitAsync(RunningService service)
    {
        var refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (_, cancellation) =>
        {
            // A connection that goes on is cut after a hundred refusals.
            using var client = ServiceClients.OpenHttp(service.Http, new SocketsHttpHandler(), service.Administrator.Header);
            while (Volatile.Read(ref refused) < 400)
            {
                try
                {
                    using var response = await client.GetAsync("/api/v1/clientfailover", cancellation);
                    Interlocked.Add(ref refused, response.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0);
                }
                catch (HttpRequestException)
                {
                    // Cut.
                }
            }
        });
    }

    /// <summary>Puts a certificate that has less than 30 days into the data directory.</summary>
    /// <returns>Path of the certificate to trust.</returns>
    public static async Task<string> SupplyExpiringCertificateAsync(DataFolder data, DataFolder files)
    {
        var authority = await CertificateAuthority.CreateAsync(files.File("authority"));
        var pair = await authority.IssueAsync("localhost", "IP:127.0.0.1,DNS:localhost", CertificateAuthority.ForServers);
        Directory.CreateDirectory(data.File("Certificates/Keys"));
        File.Copy(pair + ".crt", data.File("Certificates/plant.crt"));
        File.Copy(pair + ".key", data.File("Certificates/Keys/plant.key"));
        return authority.Path;
    }
}
