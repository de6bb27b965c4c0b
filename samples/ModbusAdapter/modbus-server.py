#!/usr/bin/env python3
"""A Modbus TCP server by pymodbus (Debian: python3-pymodbus) with 65,536 holding registers, for the sample.

modbus-server.py [port]; 0 (default): any free one. Tells its port when it listens: "Modbus server listens on 127.0.0.1:5020".
"""
import asyncio
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusTcpServer


async def main():
    registers = ModbusSequentialDataBlock(0, [0] * 65536)
    device = ModbusServerContext(slaves=ModbusSlaveContext(hr=registers, zero_mode=True), single=True)
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = ModbusTcpServer(device, address=("127.0.0.1", port), allow_reuse_address=True)
    serving = asyncio.ensure_future(server.serve_forever())
    while server.server is None or not server.server.sockets:
        if serving.done():
            serving.result()
        await asyncio.sleep(0.01)
    print("Modbus server listens on 127.0.0.1:%d" % server.server.sockets[0].getsockname()[1], flush=True)
    await serving


try:
    asyncio.run(main())
except KeyboardInterrupt:
    pass
