using System.Xml.Linq;
using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClientFailover.Service.Configuration;

/// <summary>
/// Responsible for the files of the keys. The framework's own repository reads them; written they are here, for the
/// account alone and flushed to the disk: a secret that survives a power cut without its key would be lost.
/// </summary>
/// <param name="directory">Where they are; it exists.</param>
internal sealed class KeyFiles(DirectoryInfo directory) : FileSystemXmlRepository(directory, NullLoggerFactory.Instance)
{
    /// <inheritdoc/>
    public override void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        var isFileName = friendlyName?.Length > 0 && friendlyName.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        DurableFile.Write(
            Path.Combine(Directory.FullName, (isFileName ? friendlyName : Guid.NewGuid().ToString()) + ".xml"), element.ToString() + "\n");
    }
}
