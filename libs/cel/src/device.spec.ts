import { newEnvironment } from './environment';
import { deviceType } from './schema/admission';
import { compiled, told } from './testing';
import { deviceValue } from './values/device';

const environment = newEnvironment({ variables: { device: deviceType }, bindings: true });
const device = deviceValue({
  driver: 'gpu.example.com',
  attributes: {
    model: { string: 'A100' },
    'gpu.example.com/index': { int: 3 },
    'other.example.com/healthy': { bool: true },
    driverVersion: { version: '1.2.3' },
  },
  capacity: { memory: { value: '40Gi' } },
});

it.each<readonly [string, string]>([
  ['device.driver == "gpu.example.com" && !device.allowMultipleAllocations', 'true'],
  ['device.attributes["gpu.example.com"].model == "A100" && device.attributes["gpu.example.com"].index > 2', 'true'],
  ['device.attributes["other.example.com"].healthy', 'true'],
  ['device.attributes["gpu.example.com"].driverVersion.isGreaterThan(semver("1.0.0"))', 'true'],
  ['device.capacity["gpu.example.com"].memory.compareTo(quantity("10Gi")) >= 0', 'true'],
  ['cel.bind(a, device.attributes["gpu.example.com"], a.model == "A100" && a.index == 3)', 'true'],
  ['"none.example.com" in device.attributes || has(device.attributes["none.example.com"].x)', 'false'],
  ['device.attributes["none.example.com"].?x.orValue(7)', '7'],
  ['device.attributes["none.example.com"].x', 'error: no such key: x'],
])('%s is %s', (expression, answer) => {
  expect(told(compiled(environment, expression).evaluate({ device }))).toBe(answer);
});
