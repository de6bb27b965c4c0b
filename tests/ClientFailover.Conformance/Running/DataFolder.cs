namespace ClientFailover.Conformance.Running;

/// <summary>Responsible for a directory of its own for a test, which is removed with everything in it.</summary>
internal sealed class DataFolder : IDisposable
{
    private DataFolder(string path) => Path = path;

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>Makes one.</summary>
    public static DataFolder Create() => new(Directory.CreateTempSubdirectory("client-failover-").FullName);

    /// <summary>Makes one whose commits cost nothing, where the system has memory for files.</summary>
    public static DataFolder CreateInMemory()
    {
        const string shared = "/dev/shm";
        return Directory.Exists(shared)
            ? new DataFolder(Directory.CreateDirectory(System.IO.Path.Combine(shared, $"client-failover-{Guid.NewGuid():N}")).FullName)
            : Create();
    }

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
