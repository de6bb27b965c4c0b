namespace ClientFailover.Service.Hosting;

/// <summary>What the process exit code says; the one place where exit codes are defined.</summary>
internal static class ExitCodes
{
    /// <summary>The service ran and was stopped.</summary>
    public const int Success = 0;

    /// <summary>Something unforeseen ended the service; the log has the details.</summary>
    public const int Failure = 1;

    /// <summary>Settings are wrong; stderr names every mistake. Nothing was started or created.</summary>
    public const int InvalidSettings = 2;

    /// <summary>Another instance of the service uses the data directory.</summary>
    public const int DataDirectoryInUse = 3;

    /// <summary>The data directory cannot be created, read or written.</summary>
    public const int DataDirectoryNotUsable = 4;

    /// <summary>The address or port cannot be listened on.</summary>
    public const int AddressNotAvailable = 5;

    /// <summary>A file in the data directory is damaged or was written by a newer version. It was left as it is.</summary>
    public const int DataNotReadable = 6;
}
