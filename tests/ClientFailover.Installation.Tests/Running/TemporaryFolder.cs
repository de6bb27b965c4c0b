namespace ClientFailover.Installation.Tests.Running;

/// <summary>Responsible for a directory of its own, which is removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("client-failover-installation-").FullName;

    /// <summary>The path of something in it.</summary>
    /// <param name="name">Its name.</param>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
