using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Containers;

/// <summary>The image for containers: built as a release builds it, but on a base image of this machine's libraries, and run.</summary>
public sealed class ImageTests
{
    private readonly TemporaryFolder _folder = new();

    private ContainerImage _image = null!;

    [OneTimeSetUp]
    public async Task BuildAsync()
    {
        await NeededPrograms.EnsureAsync(("crun", "crun"));
        var published = await PublishedService.ForLinuxAsync();
        await using var registry = await Registry.StartAsync(await BaseImage.CreateAsync(Path.Combine(published, "ClientFailover.Service")));
        var archive = _folder.File("image.tar.gz");
        Environment.SetEnvironmentVariable("DOTNET_CONTAINER_INSECURE_REGISTRIES", registry.Name);
        await PublishedService.PublishAsync(
            "container", "-t:PublishContainer", $"-p:ContainerArchiveOutputPath={archive}", $"-p:ContainerBaseImage={registry.Image}");
        _image = await ContainerImage.UnpackAsync(archive, _folder.Path);
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Image_Description_SaysWhatRunsAsWhomAndWhere()
    {
        Assert.That(_image.Tags, Is.EquivalentTo([$"client-failover:{Repository.Version}", "client-failover:latest"]));
        Assert.That(_image.User, Is.EqualTo("1654"));
        Assert.That(_image.Command, Is.EqualTo(["/app/ClientFailover.Service"]));
        Assert.That(_image.Ports, Is.EqualTo(["5590/tcp"]));
        Assert.That(_image.Environment, Does.Contain("ClientFailover__DataDirectory=/app/data/client-failover"));
        Assert.That(
            Directory.EnumerateFiles(Path.Combine(_image.RootFolder, "app"), "*", SearchOption.AllDirectories).Select(Path.GetFileName),
            Is.EquivalentTo(["ClientFailover.Service", "libe_sqlite3.so", "appsettings.json", "README.txt"]));
    }

    [Test]
    public async Task Volume_InTheImage_BelongsToItsUser() =>
        Assert.That(await Shell.RunAsync("stat", "-c", "%u", Path.Combine(_image.RootFolder, "app", "data")), Is.EqualTo("1654\n"));

    [Test]
    public async Task Run_ReadOnlyAndNotRoot_AnswersStopsInOrderAndKeepsItsData()
    {
        var volume = Directory.CreateDirectory(_folder.File("volume")).FullName;
        await Shell.RunAsync("chown", "1654", volume);

        string accounts;
        await using (var first = await Container.StartAsync(_image, _folder.Path, volume))
        {
            var health = await first.ExecuteAsync("/app/ClientFailover.Service", "health");
            accounts = await File.ReadAllTextAsync(Path.Combine(volume, "client-failover", "initial-accounts.json"));
            var (exitCode, output) = await first.StopAsync();

            Assert.That(health.Output, Does.StartWith("The service answers at https://127.0.0.1:5590"));
            Assert.That(exitCode, Is.Zero, output);
            Assert.That(output, Does.Not.Contain("Other accounts have access"));
        }

        await using (var second = await Container.StartAsync(_image, _folder.Path, volume))
        {
            var users = await second.ExecuteAsync("/app/ClientFailover.Service", "users", "list");

            Assert.That(users.Output, Does.Contain("AVEVAFailoverAdministrators"));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(volume, "client-failover", "initial-accounts.json")), Is.EqualTo(accounts));
        }

        Assert.That(await Shell.RunAsync("stat", "-c", "%a %u", Path.Combine(volume, "client-failover")), Is.EqualTo("700 1654\n"));
    }
}
