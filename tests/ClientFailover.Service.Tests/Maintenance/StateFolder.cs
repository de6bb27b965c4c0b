using ClientFailover.Engine;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Liveness;
using ClientFailover.Service.Maintenance.Restore;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tests.Certificates;
using ClientFailover.Service.Tests.Identity;
using ClientFailover.Service.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Maintenance;

/// <summary>A data directory with all that a service keeps.</summary>
internal sealed class StateFolder : IDisposable
{
    public const string Secret = "not to be read";

    private readonly TemporaryDirectory _directory = new();

    public string Path => _directory.File("data");

    /// <summary>A file beside it.</summary>
    public string Beside(string name) => _directory.File(name);

    public static async Task<StateFolder> CreateAsync(string group = "Line1", long terms = 3)
    {
        var folder = new StateFolder();
        using (var data = DataDirectory.Open(folder.Path))
        {
            UserFile.Write(data.File(UserFile.Name), [new UserAccount("admin", TestHasher.Create().HashPassword(null!, group), Roles.Administrators)]);
            await File.WriteAllTextAsync(data.File(InitialAccounts.FileName), "passwords");
            using var place = new TemporaryDirectory();
            CertificateFiles.Supply(place, "plant", DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90));
            Directory.Move(place.File("Certificates"), data.File("Certificates"));
            var secret = new SecretProtection(data, new ServiceOptions(), NullLogger<SecretProtection>.Instance).Protect(Secret);
            await using var store = folder.NewStore();
            await store.LoadAsync(default);
            List<GroupEvent> events = [StoreBench.Created(group), StoreBench.Registered("a", 1), StoreBench.Registered("b", 2)];
            events.AddRange(Enumerable.Range(1, (int)terms).Select(t => StoreBench.Promoted(t % 2 == 0 ? "a" : "b", t)));
            events.Add(new RoleOverrideChanged(StoreBench.Noon, "a", RoleOverride.Secondary, null));
            var write = new TestWrite(new GroupKey("default", "default", group), true, events, terms);
            store.Append(write);
            await write.Done;
            var configuration = new ConfigurationWrite(ConfigurationText.Write(new ServiceConfiguration(
                null, [new HealthEndpoint("PI", "https://pi.example/omf", "omf", secret, null, null, null, null)])));
            store.Append(configuration);
            Assert.That(await configuration.Stored, Is.True);
        }

        return folder;
    }

    /// <summary>What a service would find in a data directory.</summary>
    public static async Task<(IReadOnlyList<StoredGroup> Groups, string? Secret, IReadOnlyDictionary<string, string> Files)> ReadAsync(string path)
    {
        using var data = DataDirectory.Open(path);
        await using var store = NewStore(path);
        var groups = await store.LoadAsync(default);
        var endpoint = (await store.LoadConfigurationAsync(default)).HealthEndpoints.Single();
        new SecretProtection(data, new ServiceOptions(), NullLogger<SecretProtection>.Instance).TryReveal(endpoint.Password!, out var secret);
        var files = new[] { UserFile.Name, "keys", "Certificates" }
            .SelectMany(n => Directory.Exists(data.File(n)) ? Directory.EnumerateFiles(data.File(n), "*", SearchOption.AllDirectories) : [data.File(n)])
            .Where(File.Exists)
            .ToDictionary(f => System.IO.Path.GetRelativePath(path, f), File.ReadAllText);
        return (groups, secret, files);
    }

    /// <summary>All that is in a directory, byte by byte.</summary>
    public static IReadOnlyDictionary<string, string> Bytes(string path) => Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
        .Select(f => (Name: System.IO.Path.GetRelativePath(path, f), Path: f))
        .Where(f => f.Name is not (DataDirectory.LockName or UserFile.LockName))
        .ToDictionary(f => f.Name, f => Convert.ToHexString(File.ReadAllBytes(f.Path)));

    /// <summary>Brings a backup back into a data directory.</summary>
    public static RestoredState Restore(string path, string backup, string? passphrase = null, bool replace = false, bool keepCertificates = false)
    {
        using var data = DataDirectory.Open(path);
        using var file = File.OpenRead(backup);
        return new StateRestore(data, TimeProvider.System).Restore(file, passphrase, replace, keepCertificates);
    }

    public void Dispose() => _directory.Dispose();

    private SqliteGroupStore NewStore() => NewStore(Path);

    private static SqliteGroupStore NewStore(string path) =>
        new(Options.Create(new StoreOptions { DataDirectory = path }), TimeProvider.System, new Pulses(TimeProvider.System), NullLogger<SqliteGroupStore>.Instance);
}
